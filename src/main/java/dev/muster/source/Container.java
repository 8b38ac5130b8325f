package dev.muster.source;

import dev.muster.model.Protocol;
import dev.muster.model.Run;
import java.util.List;
import java.util.Map;

/**
 * A container as the engine reports it, whichever engine that is.
 *
 * @param name without the engine's leading slash
 * @param image the reference it was started with
 * @param environment by variable name, only variables that name a service ({@code SERVICE_...}): the rest is full of secrets
 * @param bindings published ports, every binding of each
 * @param imageId the engine's id of the image ({@code sha256:} and 64 hex digits with Docker), or empty
 * @param networks the container's own IPv4 address by network name; an empty address where it has none
 * @param ipv6 its own global IPv6 address by network name, only where it has one
 * @param hostNetwork it shares the host's network, so that nothing is published
 */
public record Container(
        Run run,
        String name,
        String image,
        String imageId,
        State state,
        Map<String, String> labels,
        Map<String, String> environment,
        List<PortBinding> bindings,
        List<Port> exposed,
        Map<String, String> networks,
        Map<String, String> ipv6,
        boolean hostNetwork) {

    /** The same container under another name. */
    public Container withName(String newName) {
        return new Container(
                run,
                newName,
                image,
                imageId,
                state,
                labels,
                environment,
                bindings,
                exposed,
                networks,
                ipv6,
                hostNetwork);
    }

    /** What the engine says of its process. */
    public enum State {
        RUNNING,
        PAUSED,
        /** Created, restarting, exited, dead or being removed: nothing serves. */
        STOPPED
    }

    /** A port inside the container. */
    public record Port(int number, Protocol protocol) {}

    /** @param hostAddress the address that was bound, {@code 0.0.0.0} or {@code ::} for all of them */
    public record PortBinding(Port port, String hostAddress, int hostPort) {}
}
