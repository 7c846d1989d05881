# Segno in a container: docker build -t segno . && docker run -e SEGNO_API_KEYS=ops=$(openssl rand -hex 24) -p 8080:8080 segno
# It listens on all addresses of the container, so it needs a key: without SEGNO_API_KEYS=name=key it says so and ends.

FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
# What is downloaded is kept in a layer of its own, which changes with the pom alone.
COPY .mvn/ .mvn/
COPY mvnw pom.xml ./
RUN ./mvnw -B -ntp -q dependency:go-offline || true
COPY src/main/ src/main/
RUN ./mvnw -B -ntp -Dmaven.test.skip -Dcyclonedx.skip -Dspotless.check.skip package

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --home-dir /opt/segno --shell /usr/sbin/nologin segno \
 && mkdir -p /opt/segno/target /data && chown -R segno:segno /opt/segno /data
WORKDIR /opt/segno
COPY --from=build --chown=segno:segno /src/target/lib/ target/lib/
COPY --from=build --chown=segno:segno /src/target/hawtio/ target/hawtio/
COPY --from=build --chown=segno:segno /src/target/segno-*.jar target/
COPY --chown=segno:segno segno ./
COPY --chown=segno:segno config/ config/
COPY --chown=segno:segno routes/ routes/
USER segno
# The first start prepares faster ones; let that be over before the image is made.
RUN ./segno run --help >/dev/null
ENV SEGNO_PROFILE=production
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '\"ok\"' <&3"]
# Ends on SIGTERM: steps under way finish and are recorded, the rest goes on after the next start.
STOPSIGNAL SIGTERM
ENTRYPOINT ["./segno"]
CMD ["run", "--host", "0.0.0.0", "--port", "8080", "--data", "/data"]
