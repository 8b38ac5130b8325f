package dev.muster.registry;

/**
 * Who a process is towards the registry.
 *
 * @param owner the name that it publishes under
 * @param version the program's
 */
public record OwnerIdentity(String owner, String host, String version, MachineIdentity machine) {}
