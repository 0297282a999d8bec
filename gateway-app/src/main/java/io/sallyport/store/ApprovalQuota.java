package io.sallyport.store;

import io.sallyport.error.Reason;
import io.sallyport.gate.Approvals.Opened.Refused;
import io.sallyport.policy.Approval;
import io.sallyport.policy.Person;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * How much may wait for people at once. Two gateways that open approvals in the same instant may
 * each let one more in.
 */
final class ApprovalQuota {
    /** Nobody reads faster than that, and nobody's questions may hide another's. */
    private static final int OF_REQUESTER = 20;

    /** Fifty requesters at their quota; with full arguments 250 MB, sealed, on disk. */
    private static final int OF_TENANT = 1_000;

    /** About a hundred pages of text: what a person cannot read whole cannot be approved. */
    private static final int ARGUMENT_BYTES = 256 * 1024;

    private final Database database;

    ApprovalQuota(Database database) {
        this.database = database;
    }

    /** Why an approval of these arguments is never opened, or empty. */
    static Optional<Refused> refuses(byte[] arguments) {
        return arguments.length > ARGUMENT_BYTES
                ? Optional.of(
                        new Refused(
                                Reason.INVALID_ARGUMENTS,
                                "The call needs an approval, and its arguments are too long to be"
                                        + " read by a person: at most 256 KiB."))
                : Optional.empty();
    }

    /** Why the approval is not opened now, or empty; part of the transaction that opens it. */
    Optional<Refused> refuses(Approval approval, Instant now) {
        var binding = approval.binding();
        return database.jdbc()
                .sql(
                        """
                        select count(*) as everybody, count(*) filter (where requester = ?) as own
                        from approval
                        where tenant = ? and state in ('pending', 'approved') and expires > ?
                        """)
                .params(
                        Person.of(binding.requester()).name(),
                        binding.tenant().value(),
                        Timestamp.from(now))
                .query((row, _) -> refusal(row.getLong("own"), row.getLong("everybody")))
                .single();
    }

    private static Optional<Refused> refusal(long own, long everybody) {
        if (own >= OF_REQUESTER) {
            return Optional.of(
                    new Refused(
                            Reason.RATE_LIMITED,
                            "The call needs an approval, and 20 of yours are open already: wait"
                                    + " until some are decided, used, cancelled or expired."));
        }
        return everybody >= OF_TENANT
                ? Optional.of(
                        new Refused(
                                Reason.RATE_LIMITED,
                                "The call needs an approval, and too many are open in this tenant:"
                                        + " try again later."))
                : Optional.empty();
    }
}
