# The sample in an image: docker build -t libbpfsharp-sample . (see docker/README.md for running it)
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN dotnet publish samples/LogSyscalls -c Release -o /app

FROM ${RUNTIME_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends libbpf1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
ENTRYPOINT ["dotnet", "/app/LogSyscalls.dll"]
