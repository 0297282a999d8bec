package io.sallyport.samples.weather;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weather of one day, computed from the city's name: the same question has the same answer on
 * every machine, on every day.
 *
 * @param day 1 is today
 * @param celsius the day's highest temperature
 */
record Forecast(int day, String sky, int celsius) {

    private static final List<String> SKIES = List.of("sunny", "cloudy", "rain", "wind", "snow");

    static List<Forecast> of(String city, int days) {
        return IntStream.rangeClosed(1, days).mapToObj(day -> onDay(city, day)).toList();
    }

    private static Forecast onDay(String city, int day) {
        int seed = Math.floorMod(31 * city.toLowerCase(Locale.ROOT).hashCode() + day, 9973);
        return new Forecast(day, SKIES.get(seed % SKIES.size()), seed % 35 - 5);
    }

    String line() {
        return "day %d: %s, %d °C".formatted(day, sky, celsius);
    }

    Map<String, Object> members() {
        return Map.of("day", day, "sky", sky, "celsius", celsius);
    }
}
