package io.sallyport.gate;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.egress.Header;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Set;

/** What a call is about, as it was listed and approved. */
sealed interface Target {
    /** The server and what the server calls it: a tool's name, a URI, a template, a prompt. */
    ToolRef ref();

    /** Of the approved descriptor. */
    String digest();

    /** As rules see it. */
    Risk risk();

    Set<String> labels();

    /**
     * A tool.
     *
     * @param paramHeaders what of this call's arguments travels as headers too
     */
    record Tool(CatalogTool tool, List<Header> paramHeaders) implements Target {
        Tool(CatalogTool tool) {
            this(tool, List.of());
        }

        @Override
        public ToolRef ref() {
            return tool.listed().ref();
        }

        @Override
        public String digest() {
            return tool.listed().digest();
        }

        @Override
        public Risk risk() {
            return tool.effectiveRisk();
        }

        @Override
        public Set<String> labels() {
            return tool.labels();
        }
    }

    /**
     * A resource, a template or a prompt. Reading is all that can be done with it.
     *
     * @param labels of its server
     */
    record Content(CatalogEntry entry, Set<String> labels) implements Target {
        @Override
        public ToolRef ref() {
            return new ToolRef(entry.listed().server(), entry.listed().key());
        }

        @Override
        public String digest() {
            return entry.listed().digest();
        }

        @Override
        public Risk risk() {
            return Risk.READ;
        }
    }
}
