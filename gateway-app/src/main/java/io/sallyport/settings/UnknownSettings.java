package io.sallyport.settings;

import io.sallyport.policy.VisibleText;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses a start with a key that nobody reads, before anything else is made: a setting with a slip
 * in its name would be its default in silence. Other things have variables and properties whose
 * names begin like ours, so of those only what belongs to a group of settings is judged.
 */
final class UnknownSettings implements BeanFactoryPostProcessor {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("sallyport");

    private final ConfigurableEnvironment environment;

    UnknownSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        var known = known(beans);
        ConfigurationPropertySources.get(environment).forEach(it -> refuseOfFile(it, known));
        var groups = groups(known.keySet());
        refuse(environment.getSystemProperties().keySet(), groups, known.keySet(), "of the JVM");
        var variables = known.keySet().stream().flatMap(UnknownSettings::variables);
        refuse(
                environment.getSystemEnvironment().keySet(),
                groups.stream().map(Key::variable).collect(Collectors.toSet()),
                variables.collect(Collectors.toSet()),
                "in the environment");
    }

    /** Every key that a record reads; names are equal however their words are separated. */
    private static Map<String, ConfigurationPropertyName> known(
            ConfigurableListableBeanFactory beans) {
        var known = new TreeMap<String, ConfigurationPropertyName>();
        for (var bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            keys(beans.getType(bean, false))
                    .forEach(it -> known.put(it, ConfigurationPropertyName.of(it)));
        }
        return known;
    }

    private static Stream<String> keys(@Nullable Class<?> type) {
        if (type == null || !type.isRecord()) {
            return Stream.empty();
        }
        var of = AnnotatedElementUtils.getMergedAnnotation(type, ConfigurationProperties.class);
        var prefix = of == null ? "" : of.prefix();
        return Arrays.stream(type.getRecordComponents())
                .map(it -> prefix + "." + Key.dashed(it.getName()));
    }

    /** {@code sallyport.http.} and its like. */
    private static Set<String> groups(Set<String> known) {
        return known.stream()
                .map(it -> it.substring(0, it.lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
    }

    /** The framework takes both spellings. */
    private static Stream<String> variables(String key) {
        return Stream.of(Key.variable(key), Key.variable(key.replace('-', '.')));
    }

    private static void refuseOfFile(
            ConfigurationPropertySource source, Map<String, ConfigurationPropertyName> known) {
        if (source.getUnderlyingSource() instanceof OriginTrackedMapPropertySource
                && source instanceof IterableConfigurationPropertySource keys) {
            keys.stream()
                    .filter(OURS::isAncestorOf)
                    .filter(it -> !known.containsValue(whole(it)))
                    .findFirst()
                    .ifPresent(it -> refuse(it, source, known.keySet()));
        }
    }

    /** Of an element of a list, the list. */
    private static ConfigurationPropertyName whole(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() ? name.getParent() : name;
    }

    private static void refuse(
            ConfigurationPropertyName name, ConfigurationPropertySource source, Set<String> known) {
        var origin = Origin.from(source.getConfigurationProperty(name));
        throw unknown(name.toString(), WrongSetting.where(origin), known);
    }

    private static void refuse(
            Set<String> names, Set<String> groups, Set<String> known, String where) {
        names.stream()
                .filter(name -> groups.stream().anyMatch(name::startsWith))
                .filter(name -> !known.contains(withoutIndex(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw unknown(name, " (" + where + ")", known);
                });
    }

    private static String withoutIndex(String name) {
        return name.replaceFirst("(_[0-9]+|\\[[0-9]+])$", "");
    }

    private static WrongSetting unknown(String name, String where, Set<String> known) {
        var closest = Spelling.closest(name, known).map(it -> "; the closest is " + it).orElse("");
        return new WrongSetting(VisibleText.of(name) + " is no setting" + where + closest);
    }
}
