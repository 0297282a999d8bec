package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Committed;
import io.sallyport.audit.Commitment;
import io.sallyport.audit.Payload;
import io.sallyport.audit.PayloadSeal;
import io.sallyport.audit.SealedPayload;
import io.sallyport.audit.SubjectKeys;
import io.sallyport.audit.Unsealing;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.Payloads;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Pseudonyms and the keys that seal payloads, one a subject and month; in memory once used. */
final class PayloadVault implements Payloads, SubjectKeys {
    private static final Logger LOG = LoggerFactory.getLogger(PayloadVault.class);

    private static final int CACHE = 50_000;
    private static final int KEY_BYTES = 32;

    private final Database database;
    private final Sealer sealer;
    private final Clock clock;

    /** Committed at once, whatever becomes of the transaction that needs it. */
    private final TransactionTemplate apart;

    private final SecureRandom random = new SecureRandom();
    private final PayloadSeal seal = new PayloadSeal(this, random);
    private final Map<Person, String> pseudonyms = new ConcurrentHashMap<>();

    /** Those of the owners of keys: as many as there are keys, and never forgotten. */
    private final Map<Person, String> owners = new ConcurrentHashMap<>();

    /** Whether the log says already that a key does not open. */
    private final AtomicBoolean told = new AtomicBoolean();

    private final Map<Scope, SubjectKey> keys = new ConcurrentHashMap<>();

    private record Person(TenantId tenant, String subject) {}

    PayloadVault(Database database, Sealer sealer, Clock clock) {
        this.database = database;
        this.sealer = sealer;
        this.clock = clock;
        apart = database.newTransactions();
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public String pseudonym(TenantId tenant, String subject) {
        return knownPseudonym(tenant, subject).orElseGet(() -> asked(new Person(tenant, subject)));
    }

    private String asked(Person person) {
        if (pseudonyms.size() > CACHE) {
            pseudonyms.clear();
        }
        return remember(pseudonyms, person, storedPseudonym(person));
    }

    @Override
    public Optional<String> knownPseudonym(TenantId tenant, String subject) {
        var person = new Person(tenant, subject);
        return Optional.ofNullable(owners.get(person))
                .or(() -> Optional.ofNullable(pseudonyms.get(person)));
    }

    /**
     * Brings the pseudonyms of these owners of keys into memory, two statements for all that are
     * not there yet.
     */
    void remember(TenantId tenant, Collection<String> subjects) {
        var missing =
                subjects.stream()
                        .distinct()
                        .filter(it -> !owners.containsKey(new Person(tenant, it)))
                        .sorted() // so that two gateways never wait for each other
                        .toArray(String[]::new);
        if (missing.length > 0) {
            owners.putAll(Database.read(() -> apart.execute(_ -> inserted(tenant, missing))));
        }
    }

    private Map<Person, String> inserted(TenantId tenant, String[] subjects) {
        var fresh = Stream.of(subjects).map(_ -> "p_" + randomHex()).toArray(String[]::new);
        database.jdbc()
                .sql(
                        """
                        insert into audit_keys.pseudonym (tenant, subject, pseudonym)
                        select ?, subject, pseudonym from unnest(?, ?) r (subject, pseudonym)
                        on conflict do nothing
                        """)
                .params(tenant.value(), subjects, fresh)
                .update();
        var stored = new HashMap<Person, String>();
        database.jdbc()
                .sql(
                        "select subject, pseudonym from audit_keys.pseudonym"
                                + " where tenant = ? and subject = any (?)")
                .params(tenant.value(), subjects)
                .query((row, _) ->
                        stored.put(new Person(tenant, row.getString(1)), row.getString(2)))
                .list();
        return stored;
    }

    /** Never computed inside the map: a bin's lock must not wait for a row's lock. */
    private static <K, V> V remember(Map<K, V> cache, K key, V value) {
        cache.put(key, value);
        return value;
    }

    private String storedPseudonym(Person person) {
        return Database.read(() -> apart.execute(_ -> insertedPseudonym(person)));
    }

    private String insertedPseudonym(Person person) {
        database.jdbc()
                .sql(
                        """
                        insert into audit_keys.pseudonym (tenant, subject, pseudonym)
                        values (?, ?, ?) on conflict do nothing
                        """)
                .params(person.tenant().value(), person.subject(), "p_" + randomHex())
                .update();
        return database.jdbc()
                .sql(
                        "select pseudonym from audit_keys.pseudonym"
                                + " where tenant = ? and subject = ?")
                .params(person.tenant().value(), person.subject())
                .query(String.class)
                .single();
    }

    private String randomHex() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public Sealing seal(TenantId tenant, String pseudonym, byte[] bytes, byte[] kept) {
        var salt = seal.salt();
        var month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        var scope = new Scope(tenant.value(), pseudonym, month);
        var sealed = seal.seal(scope, new Payload(salt, kept));
        return new Sealing(
                Committed.of(Commitment.of(salt, bytes), bytes.length),
                sealed.reference(),
                sealed.bytes());
    }

    Unsealing open(SealedPayload sealed) {
        return seal.open(sealed);
    }

    @Override
    public SubjectKey current(Scope scope) {
        if (keys.size() > CACHE) {
            keys.clear();
        }
        var known = keys.get(scope);
        return known == null ? remember(keys, scope, storedKey(scope)) : known;
    }

    private SubjectKey storedKey(Scope scope) {
        return Database.read(() -> apart.execute(_ -> insertedKey(scope)));
    }

    private SubjectKey insertedKey(Scope scope) {
        insertKey(scope);
        return database.jdbc()
                .sql(
                        """
                        select id, wrapped from audit_keys.subject_key
                        where tenant = ? and pseudonym = ? and month = ?
                        """)
                .params(scope.tenant(), scope.subject(), scope.month().toString())
                .query((row, _) -> unwrap(scope, row.getString("id"), row.getBytes("wrapped")))
                .single();
    }

    private void insertKey(Scope scope) {
        var id = "k_" + randomHex();
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        database.jdbc()
                .sql(
                        """
                        insert into audit_keys.subject_key (tenant, pseudonym, month, id, wrapped)
                        values (?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        scope.tenant(),
                        scope.subject(),
                        scope.month().toString(),
                        id,
                        sealer.seal(key, context(scope, id)))
                .update();
    }

    /** A key that does not open is as good as a store that does not answer: nothing is recorded. */
    private SubjectKey unwrap(Scope scope, String id, byte[] wrapped) {
        try {
            return new SubjectKey(id, opened(sealer, scope, id, wrapped));
        } catch (IllegalStateException e) {
            if (!told.getAndSet(true)) {
                LOG.error(
                        "a subject's key in the database does not open under the seal key; nothing"
                                + " can be recorded of that subject (see audit verify)");
            }
            throw new StoreUnavailable(e);
        }
    }

    /**
     * A key as it is stored, without its wrapping.
     *
     * @throws IllegalStateException if it does not open
     */
    static SecretKey opened(Sealer sealer, Scope scope, String id, byte[] wrapped) {
        return new SecretKeySpec(sealer.open(wrapped, context(scope, id)), "AES");
    }

    private static String context(Scope scope, String id) {
        return context(scope.tenant(), scope.subject(), scope.month().toString(), id);
    }

    /** What a subject's key is sealed in. */
    static String context(String tenant, String pseudonym, String month, String id) {
        return "subject/" + tenant + "/" + pseudonym + "/" + month + "/" + id;
    }

    @Override
    public Optional<SecretKey> find(Scope scope, String id) {
        return Database.read(() -> stored(scope, id));
    }

    private Optional<SecretKey> stored(Scope scope, String id) {
        return database.jdbc()
                .sql(
                        """
                        select wrapped from audit_keys.subject_key
                        where tenant = ? and pseudonym = ? and month = ? and id = ?
                        """)
                .params(scope.tenant(), scope.subject(), scope.month().toString(), id)
                .query((row, _) -> unwrap(scope, id, row.getBytes(1)).key())
                .optional();
    }
}
