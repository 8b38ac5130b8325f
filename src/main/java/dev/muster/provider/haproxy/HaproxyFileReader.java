package dev.muster.provider.haproxy;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.KeyedCertificate;
import dev.muster.model.Name;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.ServiceOptions;
import dev.muster.model.ServiceSettings;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the live file's own shape back. A line that a person changed so that it cannot be understood counts as not there;
 * whether anything was changed is found by rendering what was read.
 */
final class HaproxyFileReader {

    private static final Logger log = LoggerFactory.getLogger(HaproxyFileReader.class);
    private static final Supplier<IllegalArgumentException> CHANGED = IllegalArgumentException::new;

    private final SortedMap<String, ServiceTargets> services = new TreeMap<>();
    private final SortedSet<Integer> refused = new TreeSet<>();
    private String service = "";
    private Protocol protocol = Protocol.HTTP;
    private final List<Route> routes = new ArrayList<>();
    private final SortedMap<Target, TargetState> targets = new TreeMap<>();

    private final SortedMap<String, String> settings = new TreeMap<>();
    private final SortedMap<String, KeyedCertificate> certificates = new TreeMap<>();
    private final Function<String, Optional<String>> files;

    private HaproxyFileReader(Function<String, Optional<String>> files) {
        this.files = files;
    }

    /**
     * Empty for a file that is not Muster's.
     *
     * @param files reads a file of the folder of certificates by its name; empty where it is not as it was
     */
    static Optional<HaproxyModel> read(String text, Function<String, Optional<String>> files) {
        if (!isOurs(text)) {
            return Optional.empty();
        }
        HaproxyFileReader reader = new HaproxyFileReader(files);
        for (String line : text.lines().toList()) {
            try {
                reader.line(line);
            } catch (IllegalArgumentException changedByHand) {
                log.debug("a line counts as not there: {}", Name.printable(line), changedByHand);
            }
        }
        reader.endService();
        return Optional.of(new HaproxyModel(reader.services, reader.refused, reader.certificates));
    }

    static boolean isOurs(String text) {
        return text.startsWith(HaproxyFile.HEADER);
    }

    /** What only a reload can change. */
    static String withoutServers(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("    server ")
                        || ServerName.parse(line.split(" ", 7)[5]).isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private void line(String line) {
        String[] words = line.strip().split(" +", -1);
        if (line.startsWith("# muster service ") && words.length == 5) {
            endService();
            protocol = Protocol.parse("protocol", words[4]);
            service = Name.require("service", words[3]);
        } else if (line.startsWith("# muster route ") && words.length == 6) {
            routes.add(new Route(given(words[3]), given(words[4]), Integer.parseInt(words[5])));
        } else if (line.startsWith("# muster setting ") && words.length == 5) {
            ServiceSettings.check(words[3], words[4]);
            settings.put(words[3], words[4]);
        } else if (line.startsWith("# muster certificate ") && words.length == 4) {
            KeyedCertificate found = certificate(words[3]);
            settings.put(ServiceSettings.SSL_CERT.name(), found.chain());
            settings.put(ServiceSettings.SSL_KEY.name(), found.key());
        } else if (line.startsWith("# muster certificate ") && words.length == 5) {
            endService();
            certificates.put(Name.require("certificate", words[4]), certificate(words[3]));
        } else if (line.startsWith("# muster authorities ") && words.length == 4) {
            settings.put(
                    ServiceSettings.SERVER_TLS_CA.name(), files.apply(words[3]).orElseThrow(CHANGED));
        } else if (line.startsWith("# muster refused ") && words.length == 4) {
            refused.add(Integer.parseInt(words[3]));
        } else if (line.startsWith("    server ") && words.length >= 7 && !service.isEmpty()) {
            server(words);
        }
    }

    /** {@code server web01:10.0.0.1:80 10.0.0.1:80 weight 0 # draining 100}. */
    private void server(String[] words) {
        ServerName name = ServerName.parse(words[1]).orElseThrow(CHANGED);
        InstanceState state = InstanceState.parse("state", words[6]);
        int weight = Integer.parseInt(words.length > 7 ? words[7] : words[4]);
        targets.put(name.target(), new TargetState(new InstanceId(service, name.instance()), state, weight));
    }

    private KeyedCertificate certificate(String file) {
        return KeyedCertificate.parse(files.apply(file).orElseThrow(CHANGED));
    }

    private static String given(String word) {
        return word.equals("-") ? "" : word;
    }

    private void endService() {
        if (!service.isEmpty()) {
            services.put(service, new ServiceTargets(service, protocol, routes, targets, ServiceOptions.of(settings)));
        }
        service = "";
        routes.clear();
        settings.clear();
        targets.clear();
    }
}
