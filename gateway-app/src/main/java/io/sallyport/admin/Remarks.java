package io.sallyport.admin;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.ShortText;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Risk;
import io.sallyport.policy.Selector;
import io.sallyport.policy.VisibleText;
import io.sallyport.tenant.TenantView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said of names that stand for nothing in the tenant. They are accepted all the same: what
 * they name may come later. Nothing of another tenant is ever looked at.
 */
final class Remarks {
    /** Of one answer; who made more mistakes reads these first. */
    private static final int MOST = 100;

    /** Entries times names: some tens of milliseconds, whatever an admin sends. */
    private static final int MOST_COMPARISONS = 1_000_000;

    private static final int MAX_ENTRY = 256;

    private final AdminRequest request;
    private final TenantView view;
    private final List<ObjectNode> remarks = new ArrayList<>();
    private long comparisons;

    Remarks(AdminRequest request) {
        this.request = request;
        view = request.view();
    }

    /**
     * @param selectors entries of a policy
     */
    Remarks ofPolicy(Collection<Selector> selectors) {
        for (var selector : selectors) {
            if (!isAboutSomething(selector)) {
                add(selector.written(), sentence(selector.kind()))
                        .put("line", selector.line())
                        .put("column", selector.column());
            }
        }
        return this;
    }

    /**
     * @param globs entries of a toolset
     */
    Remarks ofTools(Collection<String> globs) {
        globs.stream()
                .map(Selector::ofTools)
                .filter(it -> !isAboutSomething(it))
                .forEach(it -> add(it.text(), sentence(it.kind())));
        return this;
    }

    Remarks ofToolsets(Collection<String> names) {
        names.stream()
                .filter(it -> view.toolset(it).isEmpty())
                .forEach(it -> add(it, sentence(Selector.Kind.TOOLSET)));
        return this;
    }

    Remarks ofModels(Collection<String> aliases) {
        aliases.stream()
                .filter(it -> !any(view.models(), model -> model.alias().equals(it)))
                .forEach(it -> add(it, "There is no such model."));
        return this;
    }

    /** Adds the list {@code remarks}, which is empty where every name stands for something. */
    ObjectNode to(ObjectNode json) {
        var list = json.putArray("remarks");
        remarks.forEach(list::add);
        if (comparisons > MOST_COMPARISONS) {
            list.addObject()
                    .put("code", "not_all_checked")
                    .put("message", "There is more than is compared at once.");
        }
        return json;
    }

    private ObjectNode add(String entry, String sentence) {
        var remark =
                AdminAnswer.JSON
                        .objectNode()
                        .put("code", "matches_nothing")
                        .put("entry", VisibleText.of(ShortText.cut(entry, MAX_ENTRY)))
                        .put("message", sentence);
        if (remarks.size() < MOST) {
            remarks.add(remark);
        }
        return remark;
    }

    private static String sentence(Selector.Kind kind) {
        return switch (kind) {
            case TOOL -> "It matches no tool.";
            case RISK -> "No tool has this risk.";
            case LABEL -> "No tool carries this label.";
            case TOOLSET -> "There is no such toolset.";
            case RESOURCE -> "It matches no resource.";
            case PROMPT -> "It matches no prompt.";
            case SERVER_LABEL -> "No server carries this label.";
            case SUBJECT -> "No key is, or belongs to, whom it names.";
        };
    }

    private boolean isAboutSomething(Selector selector) {
        return selector.isEverything()
                || switch (selector.kind()) {
                    case TOOL -> any(tools(selector), it -> isNamed(selector, it));
                    case RISK -> any(view.tools(), it -> hasRisk(it, selector.text()));
                    case LABEL -> any(view.tools(), it -> carries(it, selector.text()));
                    case TOOLSET -> view.toolset(selector.text()).isPresent();
                    case RESOURCE -> any(entries(selector), it -> mayBeResource(selector, it));
                    case PROMPT -> any(entries(selector), it -> isPrompt(selector, it));
                    case SERVER_LABEL ->
                            any(view.servers(), it -> it.labels().contains(selector.text()));
                    case SUBJECT -> isSomebody(selector.text());
                };
    }

    /** Beyond the bound nothing is said to be missing that was not looked for. */
    private <T> boolean any(Collection<T> things, Predicate<T> isMeant) {
        comparisons += things.size();
        return comparisons > MOST_COMPARISONS || things.stream().anyMatch(isMeant);
    }

    private Collection<CatalogTool> tools(Selector selector) {
        return selector.onlyServer().map(view::tools).orElseGet(view::tools);
    }

    private Collection<CatalogEntry> entries(Selector selector) {
        return selector.onlyServer()
                .<Collection<CatalogEntry>>map(it -> view.catalog(it).entries())
                .orElseGet(view::entries);
    }

    private static boolean isNamed(Selector selector, CatalogTool tool) {
        return selector.matches(tool.ref().server(), tool.ref().tool());
    }

    private static boolean hasRisk(CatalogTool tool, String code) {
        var risk = tool.effectiveRisk();
        return Risk.of(code).filter(it -> it == risk || it == risk.effective()).isPresent();
    }

    private boolean carries(CatalogTool tool, String label) {
        return view.request(request.caller().principal(), tool).carries(label);
    }

    /** What a template may come to is not known before somebody asks for it. */
    private static boolean mayBeResource(Selector selector, CatalogEntry entry) {
        return switch (entry.kind()) {
            case RESOURCE -> selector.matches(entry.ref().server(), entry.ref().key());
            case TEMPLATE -> selector.matches(entry.ref().server());
            case PROMPT -> false;
        };
    }

    private static boolean isPrompt(Selector selector, CatalogEntry entry) {
        return entry.kind() == EntryKind.PROMPT
                && selector.matches(entry.ref().server(), entry.ref().key());
    }

    /** People and groups that come with other credentials than keys are not known here. */
    private boolean isSomebody(String subject) {
        int colon = subject.indexOf(':');
        var name = subject.substring(colon + 1);
        return switch (subject.substring(0, colon + 1)) {
            case "user:" -> anyKey(it -> it.owner().equals(subject));
            case "key:" -> anyKey(it -> it.id().equals(name));
            case "group:" -> anyKey(it -> it.groups().contains(name));
            case "role:" -> anyKey(it -> it.roles().contains(name));
            default -> true;
        };
    }

    private boolean anyKey(Predicate<ApiKey> isMeant) {
        return any(view.keys(), it -> KeysApi.isSeen(request, it) && isMeant.test(it));
    }
}
