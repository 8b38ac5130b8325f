# Muster from source: docker build -t muster . && docker run --rm muster --help
# BASE may be an image of your own that, say, trusts your company's proxy; it stays out of the result.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates etcd-server maven openjdk-25-jdk-headless \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /muster
COPY . .
# The folder is named after the version in the pom; the slash picks it among the archives beside it.
RUN mvn --batch-mode --no-transfer-progress package && mv target/muster-*/ /opt/muster && /opt/muster/bin/muster warm

# The watcher lets haproxy judge each file before it goes live.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends haproxy openjdk-25-jre-headless \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/muster /opt/muster
ENTRYPOINT ["/opt/muster/bin/muster"]
CMD ["--help"]
