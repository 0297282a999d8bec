package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DuplicateKeyException;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(60)
class OperationTest {
    private static final String INSERT = "insert into tenant (id) values ('inner')";
    private static final String COUNT = "select count(*) from tenant where id = 'inner'";

    private final DatabaseAddress address;
    private final Database database;

    OperationTest(FaultyPostgres postgres) {
        address = postgres.newDatabase();
        database = Database.open(address);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void runsOnAVirtualThreadOfItsOwn() {
        var worker = Operation.run(Thread::currentThread);

        assertThat(worker).isNotEqualTo(Thread.currentThread());
        assertThat(worker.isVirtual()).isTrue();
    }

    @Test
    void anOperationWithinAnotherIsPartOfItsTransaction() {
        var seen =
                Database.read(() ->
                        database.transactions()
                                .execute(status -> {
                                    Database.read(() -> database.jdbc().sql(INSERT).update());
                                    status.setRollbackOnly();
                                    return Database.read(this::count);
                                }));

        assertThat(seen).isOne();
        assertThat(FaultyPostgres.count(address, COUNT)).isZero();
    }

    private long count() {
        return database.jdbc().sql(COUNT).query(Long.class).single();
    }

    @Test
    void whatTheWorkThrowsIsWhatTheCallerGets() {
        assertThatThrownBy(() -> Operation.run(() -> insert() + insert()))
                .isInstanceOf(DuplicateKeyException.class);
        assertThatThrownBy(() ->
                        Operation.run(() -> {
                            throw new AssertionError("broken");
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("broken");
    }

    private int insert() {
        return database.jdbc().sql(INSERT).update();
    }

    @Test
    void aVirtualThreadThatMayBeInterruptedGetsNoConnection() throws InterruptedException {
        var statement = new FutureTask<>(this::count);
        Thread.ofVirtual().start(statement).join();

        assertThatThrownBy(statement::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
