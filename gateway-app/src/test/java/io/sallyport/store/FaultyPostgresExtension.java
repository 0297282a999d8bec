package io.sallyport.store;

/** Hands the one {@link FaultyPostgres} to tests. */
public final class FaultyPostgresExtension extends SharedParameter<FaultyPostgres> {
    private static final Shared<FaultyPostgres> POSTGRES = new Shared<>(FaultyPostgres::start);

    FaultyPostgresExtension() {
        super(FaultyPostgres.class, POSTGRES);
    }
}
