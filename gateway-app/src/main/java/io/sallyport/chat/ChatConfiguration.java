package io.sallyport.chat;

import io.sallyport.chat.GovernedFace.Ports;
import io.sallyport.egress.EgressClient;
import io.sallyport.gate.Gate;
import io.sallyport.gate.Workers;
import io.sallyport.provider.ModelProvider;
import io.sallyport.provider.OpenAiProvider;
import io.sallyport.recording.PastCalls;
import io.sallyport.recording.Rejections;
import io.sallyport.servers.EgressPosture;
import io.sallyport.tenant.Governance;
import io.sallyport.threads.ComputePool;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The routes of the chat face and its line to the providers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChatSettings.class)
@Import(Ports.class)
class ChatConfiguration {
    @Bean
    ModelProvider modelProvider(
            EgressClient egress, EgressPosture posture, Workers workers, ComputePool compute) {
        return new OpenAiProvider(egress, posture.loopbackHttp(), workers.threads(), compute);
    }

    /** First of those below {@code /v1}, since most requests are for these. */
    @Bean
    @Order(0)
    RouterFunction<ServerResponse> chatRoutes(
            Governance governance,
            Rejections rejections,
            Gate gate,
            Ports chatPorts,
            ChatSettings settings) {
        var tools = new ToolRunner(gate, chatPorts.workers().threads(), settings);
        var planner = new Planner(governance, rejections, chatPorts.compute());
        return routes(planner, tools, chatPorts);
    }

    @Bean
    RouterFunction<ServerResponse> callRoutes(PastCalls calls, Workers workers) {
        var face = new CallsFace(calls, workers);
        return RouterFunctions.route().GET("/v1/calls/{record}", face::one).build();
    }

    static RouterFunction<ServerResponse> routes(Planner planner, ToolRunner tools, Ports ports) {
        var repeats = new Repeats(ports, planner.rejections());
        var governed = new GovernedFace(ports, tools, repeats);
        var chat = new ChatFace(planner, new PassThroughFace(ports), governed, ports);
        var models = new ModelsFace(planner.governance());
        return RouterFunctions.route()
                .POST("/v1/chat/completions", chat::complete)
                .GET("/v1/models", models::list)
                .GET("/v1/models/{model}", models::one)
                .GET("/v1/me", models::me)
                .build();
    }
}
