package io.sallyport.admin;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.egress.CaBundle;
import io.sallyport.egress.Destination;
import io.sallyport.error.Reason;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a platform admin permits on the way to a server or model provider, as {@code egress} says
 * and shows it. Whoever else changes one may only take it all back.
 */
final class EgressForm {
    /** Characters of a bundle for one server; it holds one or two certificates. */
    private static final int MAX_BUNDLE = 64 * 1024;

    private EgressForm() {}

    /** Empty if the request says nothing of it; what it says replaces all of what was. */
    static Optional<EgressTerms> read(AdminRequest request, Body body) {
        return body.object("egress", "allow", "plain_http", "plain_http_credential", "ca_bundle")
                .map(it -> read(it, request.hasRole("platform-admin")));
    }

    private static EgressTerms read(Body body, boolean mayPermit) {
        var terms =
                new EgressTerms(
                        body.texts("allow"),
                        body.flag("plain_http"),
                        body.flag("plain_http_credential"),
                        body.has("ca_bundle") ? body.text("ca_bundle") : "");
        var saysMore = body.has("ca_bundle") || !terms.equals(EgressTerms.NONE);
        if (saysMore && !mayPermit) {
            throw Refusal.forbidden();
        }
        if (!terms.allow().stream().allMatch(Destination::isException)) {
            throw Refusal.invalid("egress.allow must hold entries like 127.0.0.1/32:9102.");
        }
        if (terms.plainHttpCredential() && !terms.plainHttp()) {
            throw Refusal.invalid("egress.plain_http_credential goes with egress.plain_http.");
        }
        if (body.has("ca_bundle")) {
            requireCertificates(terms.caBundle());
        }
        return terms;
    }

    private static void requireCertificates(String pem) {
        if (pem.length() > MAX_BUNDLE) {
            throw Refusal.invalid("egress.ca_bundle must be at most 64 KiB.");
        }
        if (CaBundle.read(pem) instanceof CaBundle.Reading.Refused(var complaint)) {
            throw Refusal.invalid("egress.ca_bundle " + complaint + ".");
        }
    }

    /** Refuses a credential that everybody between here and there could read. */
    static void requireHidden(URI url, boolean hasCredential, EgressTerms terms) {
        if (hasCredential
                && "http".equalsIgnoreCase(url.getScheme())
                && terms.plainHttp()
                && !terms.plainHttpCredential()) {
            throw new Refusal(
                    422,
                    Reason.SCHEME_NOT_ALLOWED,
                    "A credential is sent over plain http only with egress.plain_http_credential.");
        }
    }

    static void show(ObjectNode json, EgressTerms terms) {
        var egress = json.putObject("egress");
        terms.allow().forEach(egress.putArray("allow")::add);
        if (terms.plainHttp()) {
            egress.put("plain_http", true);
        }
        if (terms.plainHttpCredential()) {
            egress.put("plain_http_credential", true);
        }
        if (!terms.caBundle().isEmpty()) {
            egress.put("ca_bundle", terms.caBundle());
        }
    }
}
