-- An approval is for one method. Those of before were all asked for by tools/call or were told to
-- be; the digest of their binding does not know the method, so what is still open expires unused.
update approval set document =
    jsonb_set(document::jsonb, '{binding,method}', '"tools/call"')::text;
