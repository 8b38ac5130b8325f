package dev.muster.source;

/** Why a container that nobody refused is no instance all the same: what an agent leaves out without a word. Pure. */
final class LeftOut {

    private LeftOut() {}

    /** A sentence's end, for a container that {@link ContainerInstances} makes nothing of. */
    static String why(Container container, HostRules rules) {
        ContainerLabels labels = new ContainerLabels(container.labels());
        if (container.state() == Container.State.STOPPED) {
            return "it does not run";
        }
        if (labels.ofSidecar()) {
            return "its label muster.agent=sidecar leaves it to a sidecar of its own";
        }
        if (!labels.wanted(false)) {
            return "its labels keep it out (muster.ignore, or muster.enable=false)";
        }
        if (!labels.wanted(rules.optIn())) {
            return "it has no label muster.enable=true, which --opt-in asks for";
        }
        return rules.containerAddresses() || container.hostNetwork()
                ? "it declares no port, or its labels keep every port out"
                : "it publishes no port, or its labels keep every port out";
    }
}
