package dev.muster.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Routes as people write them: {@code www.example.com:8081/api,*.shop.example.com}; or as JSON, as instances have them. */
final class RouteText {

    private static final Pattern ROUTE = Pattern.compile("([^:/]*)(?::([0-9]{1,5}))?(/.*)?");
    private static final String MEMBER = "\"(?:host|path)\"\\s*:\\s*\"[^\"\\\\]*\"|\"port\"\\s*:\\s*[0-9]{1,5}";
    private static final Pattern MEMBERS = Pattern.compile(
            "\"(?<text>host|path)\"\\s*:\\s*\"(?<value>[^\"\\\\]*)\"|\"port\"\\s*:\\s*(?<port>[0-9]{1,5})");
    private static final Pattern OBJECT =
            Pattern.compile("\\{\\s*(?:" + MEMBER + ")(?:\\s*,\\s*(?:" + MEMBER + "))*+\\s*\\}");
    private static final Pattern LIST =
            Pattern.compile("\\[\\s*(?:" + OBJECT + "(?:\\s*,\\s*" + OBJECT + ")*+)?\\s*\\]");

    private RouteText() {}

    /** @throws IllegalArgumentException saying what is wrong with which route, where that can be said */
    static List<Route> parse(String text) {
        return text.startsWith("[") ? json(text) : plain(text);
    }

    private static List<Route> plain(String text) {
        List<Route> routes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher route = ROUTE.matcher(part.strip());
            if (part.isBlank() || !route.matches()) {
                throw new IllegalArgumentException("there is no route in '%s'".formatted(Name.printable(part)));
            }
            String path = route.group(3) == null ? "" : route.group(3);
            String port = route.group(2);
            routes.add(
                    new Route(ServiceSettings.lower(route.group(1)), path, port == null ? 0 : Integer.parseInt(port)));
        }
        return List.copyOf(routes);
    }

    /** The two forms of JSON that there are in it are known, so that no parser is needed. */
    private static List<Route> json(String text) {
        if (!LIST.matcher(text).matches()) {
            throw new IllegalArgumentException("it is no JSON list of objects with host, path or port");
        }
        List<Route> routes = new ArrayList<>();
        Matcher objects = OBJECT.matcher(text);
        while (objects.find()) {
            String host = "";
            String path = "";
            int port = 0;
            Matcher members = MEMBERS.matcher(objects.group());
            while (members.find()) {
                String name = members.group("text");
                if (name == null) {
                    port = Integer.parseInt(members.group("port"));
                } else if (name.equals("host")) {
                    host = ServiceSettings.lower(members.group("value"));
                } else {
                    path = members.group("value");
                }
            }
            routes.add(new Route(host, path, port));
        }
        return List.copyOf(routes);
    }
}
