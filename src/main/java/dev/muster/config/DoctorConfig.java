package dev.muster.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an agent and a watcher would be told on this machine.
 *
 * @param engineAsked whether somebody named the container engine, so that its absence is no choice
 * @param haproxyAsked whether somebody set anything of HAProxy's
 * @param templates the folder of descriptions of files that are rendered, where somebody asks for files or it is there
 */
public record DoctorConfig(
        AgentConfig agent,
        HttpConfig agentHttp,
        WatcherConfig watcher,
        HttpConfig watcherHttp,
        boolean engineAsked,
        boolean haproxyAsked,
        Optional<Path> templates) {}
