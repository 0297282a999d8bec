package io.sallyport.cli;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** What Spring starts: every configuration of every feature. */
@SpringBootApplication(scanBasePackages = "io.sallyport", proxyBeanMethods = false)
class WebApplication {}
