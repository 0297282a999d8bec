package io.sallyport.identity;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who may come in. */
@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {
    @Bean
    AuthenticationFilter authentication(
            Authenticator authenticator,
            HostRules hosts,
            PublicAddress address,
            AuthFailures failures) {
        return new AuthenticationFilter(authenticator, hosts, address, failures);
    }

    @Bean
    Authenticator authenticator(KeyDirectory keys, KeyUses uses, Pepper pepper, Clock clock) {
        return new Authenticator(keys, uses, pepper, clock);
    }

    @Bean
    KeyUses keyUses() {
        return new KeyUses();
    }
}
