package io.sallyport.admin;

import io.sallyport.admin.AuditReader.Found;
import io.sallyport.admin.UsageQuery.Dimension;
import io.sallyport.policy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /admin/v1/usage}: how much was called and asked, as the log has it. */
final class UsageApi {
    static final Set<String> PARAMETERS = Set.of("by", "from", "to", "cursor");

    /** Of one answer. */
    private static final int TENANTS = 100;

    /** A quarter; what is older is summed up by another request. */
    private static final Duration LONGEST = Duration.ofDays(92);

    private static final Duration USUAL = Duration.ofDays(7);

    private static final Set<String> DIMENSIONS =
            Stream.of(Dimension.values()).map(Dimension::code).collect(Collectors.toSet());

    private final AuditReader reader;
    private final TenantSettings settings;
    private final Clock clock;

    UsageApi(AuditReader reader, TenantSettings settings, Clock clock) {
        this.reader = reader;
        this.settings = settings;
        this.clock = clock;
    }

    AdminAnswer sums(AdminRequest request) throws InterruptedException {
        var query = query(request);
        if (query.by() == Dimension.TENANT && request.isAboutAll()) {
            return ofAll(request, query);
        }
        return AuditApi.shown(
                reader.usage(List.of(request.tenant()), query, request.caller()), UsageApi::cursor);
    }

    private UsageQuery query(AdminRequest request) {
        var by =
                request.query("by", DIMENSIONS)
                        .map(UsageApi::dimension)
                        .orElseThrow(() ->
                                Refusal.invalid("by must be tenant, key, model, tool or day."));
        var to =
                request.query("to")
                        .map(it -> TimeText.read("to", it))
                        .orElseGet(() -> clock.instant().plusSeconds(1));
        var from =
                request.query("from")
                        .map(it -> TimeText.read("from", it))
                        .orElseGet(() -> to.minus(USUAL));
        requireWindow(from, to);
        return new UsageQuery(by, from, to, request.query("cursor").map(UsageApi::after));
    }

    private static Dimension dimension(String code) {
        return Stream.of(Dimension.values())
                .filter(it -> it.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static void requireWindow(Instant from, Instant to) {
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw Refusal.invalid("from must be before to, by at most 92 days.");
        }
    }

    /** Names are strangers' words, so a cursor wraps them. */
    private static String cursor(String last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static String after(String cursor) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            var after = new String(bytes, StandardCharsets.UTF_8);
            if (after.indexOf(0) < 0 && cursor(after).equals(cursor)) {
                return after;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw Refusal.invalid("cursor is not one of ours.");
    }

    private AdminAnswer ofAll(AdminRequest request, UsageQuery query) throws InterruptedException {
        var left =
                settings.tenants().stream()
                        .map(TenantId::value)
                        .filter(it ->
                                query.after().map(last -> it.compareTo(last) > 0).orElse(true))
                        .sorted()
                        .map(TenantId::new)
                        .toList();
        var page = left.subList(0, Math.min(TENANTS, left.size()));
        if (page.isEmpty()) {
            return AdminAnswer.list(List.of(), Optional.empty());
        }
        var found = reader.usage(page, query, request.caller());
        return AuditApi.shown(
                left.size() > TENANTS && found instanceof Found.Page(var items, _)
                        ? new Found.Page(items, Optional.of(page.getLast().value()))
                        : found,
                UsageApi::cursor);
    }
}
