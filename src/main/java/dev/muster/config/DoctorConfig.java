package dev.muster.config;

/**
 * What an agent and a watcher would be told on this machine.
 *
 * @param engineAsked whether somebody named the container engine, so that its absence is no choice
 * @param haproxyAsked whether somebody set anything of HAProxy's
 */
public record DoctorConfig(
        AgentConfig agent,
        HttpConfig agentHttp,
        WatcherConfig watcher,
        HttpConfig watcherHttp,
        boolean engineAsked,
        boolean haproxyAsked) {}
