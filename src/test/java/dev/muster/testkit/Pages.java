package dev.muster.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What an agent or a watcher serves over HTTP: metrics and health. */
public record Pages(String address, int port) {

    /** What a page answers with, or 0 where nothing answers. */
    public int status(String path) {
        return get(path).map(HttpResponse::statusCode).orElse(0);
    }

    /** A page, empty where nothing answers. */
    public String text(String path) {
        return get(path).map(HttpResponse::body).orElse("");
    }

    /** The first value of a metric, whatever its labels; NaN where there is none. */
    public double metric(String name) {
        return text("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** What its process takes for the time of day, in whole seconds. */
    public Instant clock() {
        String date = get("/health/live")
                .flatMap(answer -> answer.headers().firstValue("Date"))
                .orElseThrow();
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private Optional<HttpResponse<String>> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty(); // not there yet, or no longer, or standing still
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
