package dev.muster.provider;

import java.util.List;

/** Something of somebody else's that stands where a service is to have its own, and what it would be once it is the service's. */
public interface Adoption {

    /** The service that asks for it. */
    String service();

    /** What and where it is, in words. */
    String place();

    /** Whose it is, in words that follow "it is". */
    String owner();

    /** All that would go, as it stands, line by line. */
    List<String> before();

    /** All that would come, likewise. */
    List<String> after();

    /**
     * Takes it over, in one step.
     *
     * @throws UnansweredException where it may have been taken over all the same
     * @throws ProviderException where any of it is not as it was shown any more: then nothing is changed
     */
    void take() throws ProviderException;
}
