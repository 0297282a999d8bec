package io.sallyport.samples.weather;

import static java.util.stream.Collectors.joining;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.sallyport.samples.hosting.Arguments;
import io.sallyport.samples.hosting.SampleTool;
import io.sallyport.samples.hosting.SampleTool.Effect;
import java.util.List;
import java.util.Map;

/** The tools, all of which only read. */
final class WeatherTools {

    private static final int DEFAULT_DAYS = 3;

    private static final String CITY_AND_DAYS =
            """
            {"type":"object",
             "properties":{"city":{"type":"string","minLength":1,"maxLength":80},
                           "days":{"type":"integer","minimum":1,"maximum":7,"default":3}},
             "required":["city"],"additionalProperties":false}\
            """;

    private static final String CITY =
            """
            {"type":"object",
             "properties":{"city":{"type":"string","minLength":1,"maxLength":80}},
             "required":["city"],"additionalProperties":false}\
            """;

    private static final String FORECAST =
            """
            {"type":"object",
             "properties":{
               "city":{"type":"string"},
               "days":{"type":"array","items":{
                 "type":"object",
                 "properties":{"day":{"type":"integer"},"sky":{"type":"string"},
                               "celsius":{"type":"integer"}},
                 "required":["day","sky","celsius"]}}},
             "required":["city","days"]}\
            """;

    private WeatherTools() {}

    static List<SampleTool> all() {
        return List.of(
                SampleTool.of(
                                "get_forecast",
                                Effect.READ,
                                "Forecasts a city's weather for 1 to 7 days.",
                                CITY_AND_DAYS,
                                WeatherTools::forecast)
                        .answering(FORECAST),
                SampleTool.of(
                        "get_alerts",
                        Effect.READ,
                        "Lists a city's weather alerts for the coming week.",
                        CITY,
                        WeatherTools::alerts));
    }

    private static CallToolResult forecast(Arguments arguments) {
        var city = arguments.text("city");
        var days = Forecast.of(city, arguments.wholeNumber("days", DEFAULT_DAYS));
        var text = city + "\n" + days.stream().map(Forecast::line).collect(joining("\n"));
        var members = days.stream().map(Forecast::members).toList();
        return CallToolResult.builder()
                .addTextContent(text)
                .structuredContent(Map.of("city", city, "days", members))
                .isError(false)
                .build();
    }

    private static CallToolResult alerts(Arguments arguments) {
        var snow =
                Forecast.of(arguments.text("city"), 7).stream()
                        .filter(day -> day.sky().equals("snow"))
                        .map(day -> "day %d: snow".formatted(day.day()))
                        .collect(joining("\n"));
        return SampleTool.text(snow.isEmpty() ? "No alerts." : snow);
    }
}
