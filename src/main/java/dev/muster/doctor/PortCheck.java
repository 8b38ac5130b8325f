package dev.muster.doctor;

import dev.muster.config.HostPort;
import dev.muster.model.Name;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Whether the ports that a role needs are free, or in the right hands. */
public final class PortCheck implements Check {

    private final Area area;
    private final String name;
    private final String purpose;
    private final String flag;
    private final List<HostPort> places;
    private final String kin;
    private final Listeners listeners;

    /**
     * @param name in small letters and dashes
     * @param purpose what they are for, in words
     * @param flag that would choose another port
     * @param kin a word of the command of whoever may hold them, {@code haproxy}
     */
    public PortCheck(
            Area area,
            String name,
            String purpose,
            String flag,
            List<HostPort> places,
            String kin,
            Listeners listeners) {
        this.area = area;
        this.name = name;
        this.purpose = purpose;
        this.flag = flag;
        this.places = List.copyOf(places);
        this.kin = kin;
        this.listeners = listeners;
    }

    @Override
    public Area area() {
        return area;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Report report) {
        places.forEach(place -> look(report, place));
    }

    private void look(Report report, HostPort place) {
        try {
            Optional<Listeners.Holder> holder = listeners.at(address(place), place.port());
            if (holder.isEmpty()) {
                report.ok(name, "%s is free for %s (%s)".formatted(place, purpose, flag));
            } else if (holder.get().command().contains(kin)) {
                report.ok(name, "%s, for %s, is held by %s".formatted(place, purpose, holder.get()));
            } else if (holder.get().unseen()) {
                report.warn(
                        name,
                        "%s, for %s, is held by %s, which user '%s' cannot see"
                                .formatted(place, purpose, holder.get(), System.getProperty("user.name")),
                        "sudo muster doctor --only " + area.text());
            } else {
                report.fail(
                        name,
                        "%s, for %s, is held by %s"
                                .formatted(
                                        place,
                                        purpose,
                                        Name.printable(holder.get().toString())),
                        "stop that (kill %s), or choose another place: %s HOST:PORT"
                                .formatted(holder.get().pid().orElse(""), flag));
            }
        } catch (IOException e) {
            report.warn(name, "who holds %s is not known: %s".formatted(place, e.getMessage()), "ss -ltnp tells it");
        }
    }

    private static InetAddress address(HostPort place) throws IOException {
        return InetAddress.getByName(place.host().equals("*") ? "0.0.0.0" : place.host());
    }
}
