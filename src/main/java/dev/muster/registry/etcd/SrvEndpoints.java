package dev.muster.registry.etcd;

import dev.muster.model.Name;
import dev.muster.registry.RegistryException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints out of a domain's SRV records (RFC 2782), as etcd's own clients find them: {@code _etcd-client._tcp} for http,
 * {@code _etcd-client-ssl._tcp} for https; never the one in place of the other. Lower priorities first, in any order among
 * equals. Each call asks anew.
 */
final class SrvEndpoints implements Endpoints {

    private static final Logger log = LoggerFactory.getLogger(SrvEndpoints.class);

    /** Priority, weight, port, target. The target becomes part of a URL, so it is a plain host name. */
    private static final Pattern RECORD =
            Pattern.compile("(\\d{1,5}) (\\d{1,5}) (\\d{1,5}) ([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)\\.?");

    private record Place(int priority, URI endpoint) {}

    private final String server;
    private final String name;
    private final String scheme;

    /** @param server whom to ask, as {@code dns://HOST:PORT}; {@code dns:} for those of this machine */
    SrvEndpoints(String server, String domain, boolean tls) {
        this.server = server;
        this.name = (tls ? "_etcd-client-ssl._tcp." : "_etcd-client._tcp.") + domain;
        this.scheme = tls ? "https" : "http";
    }

    static SrvEndpoints of(String domain, boolean tls) {
        return new SrvEndpoints("dns:", domain, tls);
    }

    @Override
    public List<URI> find() throws RegistryException {
        List<Place> places = new ArrayList<>();
        for (String record : records()) {
            Matcher parts = RECORD.matcher(record);
            int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
            if (port < 1 || port > 65535) {
                log.warn(
                        "{}: a record is left out, since it names no host and port: '{}'",
                        name,
                        Name.printable(record));
                continue;
            }
            URI endpoint = URI.create(scheme + "://" + parts.group(4).toLowerCase(Locale.ROOT) + ":" + port);
            places.add(new Place(Integer.parseInt(parts.group(1)), endpoint));
        }
        if (places.isEmpty()) {
            throw new RegistryException("etcd cannot be found: DNS has no SRV record " + name);
        }
        Collections.shuffle(places);
        places.sort(Comparator.comparingInt(Place::priority));
        return places.stream().map(Place::endpoint).distinct().toList();
    }

    // What comes from DNS is text here; it is never looked up as an object.
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private List<String> records() throws RegistryException {
        Hashtable<String, String> how = new Hashtable<>();
        how.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        how.put("java.naming.provider.url", server);
        how.put("com.sun.jndi.dns.timeout.initial", "500");
        how.put("com.sun.jndi.dns.timeout.retries", "2");
        List<String> records = new ArrayList<>();
        try {
            InitialDirContext dns = new InitialDirContext(how);
            try {
                Attribute found = dns.getAttributes(name, new String[] {"SRV"}).get("SRV");
                if (found != null) {
                    NamingEnumeration<?> all = found.getAll();
                    while (all.hasMore()) {
                        records.add(String.valueOf(all.next()));
                    }
                }
            } finally {
                dns.close();
            }
        } catch (NameNotFoundException e) {
            log.debug("{} is not there", name, e);
        } catch (NamingException e) {
            throw new RegistryException(
                    "etcd cannot be found: DNS does not answer for %s (%s)".formatted(name, e.getMessage()), e);
        }
        return records;
    }
}
