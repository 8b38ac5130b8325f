package dev.muster.config;

/** Agent and watcher in one process; what they start ends with them. */
public record DevConfig(AgentConfig agent, HttpConfig agentHttp, WatcherConfig watcher, HttpConfig watcherHttp) {}
