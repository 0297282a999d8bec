package io.sallyport.mcp;

import io.sallyport.bridge.ParamHeaders;
import io.sallyport.catalog.CatalogTool;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Arguments that travel as {@code Mcp-Param-*} headers too must agree with them. */
final class ParamRules {
    private static final int CACHE = 10_000;

    private final Lists lists;
    private final Map<String, ParamHeaders> byDigest = new ConcurrentHashMap<>();

    ParamRules(Lists lists) {
        this.lists = lists;
    }

    /** Says nothing about a tool that the caller cannot see. */
    Optional<RpcFault> fault(RpcMessage.Request request, McpRequestContext context) {
        if (!request.method().equals("tools/call")) {
            return Optional.empty();
        }
        return lists.tool(context, request.params().path("name").asString(""))
                .map(this::headers)
                .filter(it -> !it.isEmpty())
                .flatMap(it ->
                        it.mismatch(request.params().path("arguments"), context.headers()::values))
                .map(_ -> RpcFault.mismatch("Mcp-Param headers do not match the arguments"));
    }

    private ParamHeaders headers(CatalogTool tool) {
        if (byDigest.size() > CACHE) {
            byDigest.clear();
        }
        return byDigest.computeIfAbsent(
                tool.listed().digest(), _ -> ParamHeaders.of(tool.listed().inputSchema()));
    }
}
