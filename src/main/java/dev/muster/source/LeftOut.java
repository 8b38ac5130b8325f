package dev.muster.source;

import java.util.List;

/** Why a container that nobody refused is no instance all the same: what an agent leaves out without a word. Pure. */
final class LeftOut {

    private LeftOut() {}

    /** A sentence, for a container that {@link ContainerInstances} makes nothing of. */
    static String why(Container container, HostRules rules) {
        ContainerLabels labels = new ContainerLabels(container.labels(), container.environment());
        if (container.state() == Container.State.STOPPED) {
            return "it does not run";
        }
        if (labels.ofSidecar()) {
            return "its label muster.agent=sidecar leaves it to a sidecar of its own";
        }
        if (labels.ignored()) {
            return "its label muster.ignore keeps it out";
        }
        boolean own = rules.containerAddresses() || container.hostNetwork();
        List<Integer> ports = own
                ? container.exposed().stream().map(Container.Port::number).toList()
                : container.bindings().stream()
                        .map(binding -> binding.port().number())
                        .toList();
        if (ports.isEmpty()) {
            return own ? "it declares no port" : "it publishes no port";
        }
        return rules.optIn() && ports.stream().anyMatch(port -> labels.wanted(port, false))
                ? "it has no label muster.enable=true, which --opt-in asks for"
                : "its labels keep its ports out (muster.enable=false, muster.<port>.ignore, SERVICE_IGNORE)";
    }
}
