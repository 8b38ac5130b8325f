package dev.muster.source;

import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Addresses;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which addresses of this host an agent would publish, where it has them from, and whether they are this machine's. */
public final class AddressCheck implements Check {

    private static final String NAME = "addresses";

    private final HostAddresses places;
    private final Optional<String> publicFlag;
    private final Optional<String> privateFlag;
    private final Set<String> own;

    /** @param ec2Metadata whether EC2's metadata is asked */
    public AddressCheck(Optional<String> publicFlag, Optional<String> privateFlag, boolean ec2Metadata) {
        this(HostAddresses.ofThisMachine(ec2Metadata), publicFlag, privateFlag, ownAddresses());
    }

    /** @param own the addresses of this machine's interfaces */
    AddressCheck(HostAddresses places, Optional<String> publicFlag, Optional<String> privateFlag, Set<String> own) {
        this.places = places;
        this.publicFlag = publicFlag;
        this.privateFlag = privateFlag;
        this.own = own;
    }

    @Override
    public Area area() {
        return Area.HOST;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Report report) {
        HostAddresses.Found found;
        try {
            found = places.look(publicFlag, privateFlag);
        } catch (IllegalArgumentException e) {
            String sentence = String.valueOf(e.getMessage());
            int colon = sentence.lastIndexOf(": ");
            report.fail(NAME, sentence.substring(0, colon), sentence.substring(colon + 2));
            return;
        }
        tell(report, "public", found.addresses().publicIpv4(), found);
        tell(report, "private", found.addresses().privateIpv4(), found);
        tell(report, "public", found.addresses().publicIpv6(), found);
        tell(report, "private", found.addresses().privateIpv6(), found);
    }

    private void tell(Report report, String kind, String address, HostAddresses.Found found) {
        if (address.isEmpty()) {
            return;
        }
        String seen = "%s address %s, from %s"
                .formatted(kind, address, found.origins().getOrDefault(address, "elsewhere"));
        if (Addresses.isUnreachable(address)) {
            report.warn(
                    NAME,
                    seen + ": no other machine reaches this one there",
                    "fine for one machine alone; else give --private-address, an address of its network");
        } else if (kind.equals("private") && !own.contains(address)) {
            report.warn(
                    NAME,
                    seen + ": none of this machine's interfaces has it",
                    "give the right one with --private-address; ip -brief address lists them");
        } else {
            report.ok(NAME, seen);
        }
    }

    private static Set<String> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .map(address -> address.replaceFirst("%.*", "")) // an IPv6 address may have a zone
                    .flatMap(address -> Addresses.byRange(address).all().stream())
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            throw new IllegalStateException("this machine's interfaces cannot be read", e);
        }
    }
}
