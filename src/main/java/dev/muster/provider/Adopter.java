package dev.muster.provider;

import dev.muster.plan.ServiceTargets;
import java.util.SortedMap;

/** A provider at whose target people may hand over what is somebody else's. */
public interface Adopter {

    /**
     * What it would be to take over what stands at this name.
     *
     * @param asked by service, all that is asked for
     * @throws IllegalArgumentException where there is nothing to take over, or nobody to whom, saying what to do
     */
    Adoption adoption(String name, SortedMap<String, ServiceTargets> asked) throws ProviderException;
}
