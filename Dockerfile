# The sample as an agent in a small image: docker build -t libbpfsharp-agent .   (docker/README.md: how to run it)
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN dotnet publish samples/LogSyscalls -c Release -p:RunAnalyzers=false -o /app

FROM ${RUNTIME_IMAGE}
# libbpf is optional (without it the managed loader loads), but what most hosts will have. The copy of setpriv may take the
# three capabilities, if the container has them: engines give a user other than root none.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libbpf1 libcap2-bin util-linux \
    && install -o root -g 1654 -m 0750 "$(command -v setpriv)" /usr/local/bin/setpriv-bpf \
    && setcap cap_bpf,cap_perfmon,cap_net_admin=p /usr/local/bin/setpriv-bpf \
    && apt-get purge -y --auto-remove libcap2-bin \
    && rm -rf /var/lib/apt/lists/*
COPY docker/agent.sh /usr/local/bin/agent
COPY --from=build /app /app
USER 1654:1654
ENTRYPOINT ["/usr/local/bin/agent"]
