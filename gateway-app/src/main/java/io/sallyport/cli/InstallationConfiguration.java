package io.sallyport.cli;

import io.sallyport.admin.Posture;
import io.sallyport.servers.EgressPosture;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.DatabaseServer;
import io.sallyport.store.GatewayFolder;
import io.sallyport.store.Store;
import java.time.Clock;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What a gateway stands on: settings are read first, then the database is started and the store
 * opened, then comes what uses them. They end the other way round, whatever the start came to.
 */
@Configuration(proxyBeanMethods = false)
class InstallationConfiguration {
    private static final String DATABASE = "databaseServer";

    private final Prepared prepared;

    /** What was found before there was any bean: the folder is taken. */
    record Prepared(Gateway.Options options, GatewayFolder folder, byte[] sealKey) {}

    InstallationConfiguration(Prepared prepared) {
        this.prepared = prepared;
    }

    /** A wrong setting is told before anything is started. */
    @Bean
    static BeanFactoryPostProcessor settingsFirst() {
        return beans ->
                beans.getBeanDefinition(DATABASE)
                        .setDependsOn(
                                beans.getBeanNamesForAnnotation(ConfigurationProperties.class));
    }

    @Bean(DATABASE)
    DatabaseServer databaseServer() {
        return DatabaseServer.of(prepared.options().database(), prepared.folder());
    }

    @Bean
    Store store(DatabaseServer database) throws InterruptedException {
        var folder = prepared.folder();
        var settings =
                new Store.Settings(
                        database.address(),
                        folder,
                        prepared.sealKey(),
                        NodeName.of(folder),
                        Clock.systemUTC());
        var store = Store.open(settings);
        try {
            store.requireMode(prepared.options().dev(), DevKeys.isMadeByDev(folder));
            database.keepRunning(store.supervision());
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Bean
    OwnPorts ownPorts(DatabaseServer database) {
        var ports = new OwnPorts();
        ports.add(database.port());
        return ports;
    }

    @Bean
    EgressPosture egressPosture(OwnPorts ports) {
        return new EgressPosture(prepared.options().dev(), ports::contains);
    }

    @Bean
    Posture posture() {
        return new Posture(prepared.options().dev());
    }

    @Bean
    LaunchProfiles launchProfiles() {
        return prepared.options().profiles();
    }
}
