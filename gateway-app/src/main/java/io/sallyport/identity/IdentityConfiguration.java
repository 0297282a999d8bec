package io.sallyport.identity;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who may come in. */
@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {
    @Bean
    AuthenticationFilter authentication(
            KeyDirectory keys, Pepper pepper, AuthFailures failures, Clock clock) {
        return new AuthenticationFilter(
                new Authenticator(keys, pepper.key(), clock), HostRules.LOOPBACK, failures);
    }
}
