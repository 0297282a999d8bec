package io.sallyport.samples.hosting;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Replaces the body of every HTTP error. The SDK serialises its exceptions, stack trace included; a
 * client learns the status and one fixed sentence instead.
 */
final class PlainErrors implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException {
        var http = (HttpServletResponse) response;
        try {
            chain.doFilter(request, new MutedOnError(http));
        } catch (ServletException | RuntimeException broken) {
            http.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
        if (http.getStatus() >= 400 && !http.isCommitted()) {
            write(http);
        }
    }

    private static void write(HttpServletResponse http) throws IOException {
        http.resetBuffer();
        http.setContentType("application/json");
        http.setCharacterEncoding("UTF-8");
        http.getWriter()
                .write(
                        """
                        {"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":"%s"}}\
                        """
                                .formatted(code(http.getStatus()), sentence(http.getStatus())));
    }

    /** JSON-RPC 2.0, section 5.1: internal error for 5xx, invalid request for the rest. */
    private static int code(int status) {
        return status >= 500 ? -32603 : -32600;
    }

    private static String sentence(int status) {
        return switch (status) {
            case 400 -> "The request is not a valid MCP message for this endpoint.";
            case 403, 421 -> "This host or origin is not served.";
            case 404 -> "There is no such session or path.";
            case 405 -> "This HTTP method is not served.";
            case 413 -> "The request is too large.";
            default -> "The request failed.";
        };
    }

    /** Once the status is an error, nothing that the server writes leaves. */
    private static final class MutedOnError extends HttpServletResponseWrapper {

        MutedOnError(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendError(int status) {
            setStatus(status);
        }

        @Override
        public void sendError(int status, String message) {
            setStatus(status);
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            return getStatus() >= 400 ? new PrintWriter(Writer.nullWriter()) : super.getWriter();
        }
    }
}
