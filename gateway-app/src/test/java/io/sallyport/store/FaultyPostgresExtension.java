package io.sallyport.store;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the one {@link FaultyPostgres} to tests; JUnit stops it after the last of them. */
public final class FaultyPostgresExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == FaultyPostgres.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(FaultyPostgresExtension.class))
                .computeIfAbsent(
                        FaultyPostgres.class, _ -> FaultyPostgres.start(), FaultyPostgres.class);
    }
}
