package dev.muster.config;

import dev.muster.model.Template;
import java.util.Optional;

/**
 * What an agent is told about names and texts.
 *
 * @param idTemplate of an instance's id, where no label chooses one
 * @param logUrlTemplate where an instance's log is read
 * @param unitField the field {@code unit}, whatever labels say
 * @param ec2Metadata whether the machine's addresses are asked of EC2's metadata service
 */
public record NamingConfig(
        Optional<Template> idTemplate,
        Optional<Template> logUrlTemplate,
        Optional<Template> unitField,
        boolean ec2Metadata) {

    /** Nothing of it is given. */
    public static final NamingConfig DEFAULT =
            new NamingConfig(Optional.empty(), Optional.empty(), Optional.empty(), false);
}
