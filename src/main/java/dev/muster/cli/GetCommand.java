package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.config.EtcdConfig;
import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import dev.muster.model.Catalog;
import dev.muster.model.Goodbye;
import dev.muster.model.Name;
import dev.muster.model.Registration;
import dev.muster.registry.RegistryException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code muster get}. */
final class GetCommand implements Command {

    @Override
    public String name() {
        return "get";
    }

    @Override
    public String summary() {
        return "Show all that is registered of a service or an instance, and a service's settings";
    }

    @Override
    public Operands operands() {
        return new Operands("SERVICE[/INSTANCE]", 1, 2);
    }

    @Override
    public List<Setting<?>> settings() {
        return ReadSettings.and();
    }

    @Override
    public List<String> examples() {
        return List.of("muster get web/web01", "muster get web --json");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        EtcdConfig etcd = EtcdSettings.from(invocation.settings());
        Catalog catalog = CatalogReading.once(invocation.roles().get(), etcd);
        ObjectNode found = find(catalog, words(invocation.operands()));
        if (invocation.settings().get(ReadSettings.JSON)) {
            invocation.terminal().out().println(found.toPrettyString());
        } else {
            Outline.lines(found).forEach(invocation.terminal().out()::println);
        }
        return ExitCode.DONE;
    }

    /** An instance is written as everywhere else, {@code web/web01}, or as two words. */
    static List<String> words(List<String> operands) {
        return operands.size() == 1 ? List.of(operands.getFirst().split("/", 2)) : operands;
    }

    private static ObjectNode find(Catalog catalog, List<String> operands) throws RegistryException {
        String service = operands.getFirst();
        SortedMap<String, Registration> instances = new TreeMap<>();
        catalog.of(service).forEach((id, registration) -> instances.put(id.instance(), registration));
        if (operands.size() == 2) {
            Registration registration = instances.get(operands.getLast());
            if (registration == null) {
                throw new RegistryException("no instance '%s' of service '%s' is registered"
                        .formatted(Name.printable(operands.getLast()), Name.printable(service)));
            }
            return RegistrationJson.of(registration);
        }
        if (!catalog.services().contains(service)) {
            throw new RegistryException("nothing is registered under service '%s'".formatted(Name.printable(service)));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("service", service);
        SettingsJson.put(object, catalog.settings().getOrDefault(service, new TreeMap<>()));
        object.set("instances", RegistrationJson.of(instances.values()));
        ArrayNode gone = object.putArray("gone");
        for (Goodbye goodbye : catalog.goodbyes().values()) {
            if (goodbye.id().service().equals(service)) {
                gone.add(RegistrationJson.of(goodbye));
            }
        }
        return object;
    }
}
