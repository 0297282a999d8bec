package io.sallyport.samples.hosting;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** One servlet on one loopback port, each request on its own virtual thread. */
final class LoopbackContainer implements AutoCloseable {

    /**
     * Silent: what matters is thrown at the caller, and a taken port would print a page. Held,
     * because the JDK forgets the level of a logger that nobody holds.
     */
    private static final Logger CONTAINER_LOG = Logger.getLogger("org.apache");

    static {
        CONTAINER_LOG.setLevel(Level.OFF);
    }

    private final Tomcat tomcat;
    private final Path folder;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LoopbackContainer(Tomcat tomcat, Path folder) {
        this.tomcat = tomcat;
        this.folder = folder;
    }

    /**
     * Starts {@code servlet} at {@code path} behind {@code filters}, outermost first.
     *
     * @throws BindException if the port is taken
     */
    static LoopbackContainer start(int port, String path, Servlet servlet, List<Filter> filters)
            throws IOException {
        TomcatURLStreamHandlerFactory.disable(); // it would replace the JVM's own handlers
        var folder = Files.createTempDirectory("sallyport-sample-");
        var tomcat = new FolderTomcat(folder);
        var container = new LoopbackContainer(tomcat, folder);
        tomcat.setConnector(connector(port));
        hideReports(tomcat);
        mount(context(tomcat, folder), path, servlet, filters);
        container.open();
        return container;
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Closing twice does no harm. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException alreadyStopped) {
            // nothing is left to stop
        }
        delete(folder);
    }

    private void open() throws IOException {
        try {
            tomcat.start();
        } catch (LifecycleException failed) {
            close();
            throw cause(failed);
        }
    }

    private static IOException cause(Throwable failed) {
        for (var cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException taken) {
                return taken;
            }
        }
        return new IOException("the servlet container did not start", failed);
    }

    private static Connector connector(int port) {
        var connector = new Connector();
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        connector.setProperty("address", "127.0.0.1");
        connector.setXpoweredBy(false);
        connector.getProtocolHandler().setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return connector;
    }

    /** Errors outside the servlet, such as a malformed request line, tell no version or trace. */
    private static void hideReports(Tomcat tomcat) {
        var plain = new ErrorReportValve();
        plain.setShowReport(false);
        plain.setShowServerInfo(false);
        var host = (StandardHost) tomcat.getHost();
        host.setErrorReportValveClass("");
        host.getPipeline().addValve(plain);
    }

    private static Context context(Tomcat tomcat, Path folder) {
        var context = tomcat.addContext("", folder.toString());
        context.setCookies(false);
        return context;
    }

    private static void mount(Context context, String path, Servlet servlet, List<Filter> filters) {
        var wrapper = Tomcat.addServlet(context, "mcp", servlet);
        wrapper.setAsyncSupported(true);
        context.addServletMappingDecoded(path, "mcp");
        for (var filter : filters) {
            addFilter(context, path, filter);
        }
    }

    private static void addFilter(Context context, String path, Filter filter) {
        var name = filter.getClass().getSimpleName();
        var definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        var mapping = new FilterMap();
        mapping.setFilterName(name);
        mapping.addURLPatternDecoded(path);
        context.addFilterMap(mapping);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Keeps its folder to itself; Tomcat's own way is a system property that servers share. */
    private static final class FolderTomcat extends Tomcat {

        private final File folder;

        FolderTomcat(Path folder) {
            this.folder = folder.toFile();
            setBaseDir(folder.toString());
        }

        @Override
        protected void initBaseDir() {
            server.setCatalinaHome(folder);
            server.setCatalinaBase(folder);
        }
    }
}
