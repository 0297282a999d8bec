package io.sallyport.cli;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** What Spring starts: every configuration of every feature. Nothing but settings is validated. */
@SpringBootApplication(
        scanBasePackages = "io.sallyport",
        proxyBeanMethods = false,
        exclude = ValidationAutoConfiguration.class)
class WebApplication {}
