# Caddy as a user without rights: it listens above 1023 and needs no capability.
FROM caddy:2-alpine
# A copy, as the original carries a capability, without which it would not start here.
RUN cp /usr/bin/caddy /usr/local/bin/caddy \
    && addgroup -g 10003 proxy && adduser -u 10003 -G proxy -D -H -h /data -s /sbin/nologin proxy \
    && mkdir -p /data/caddy /config/caddy && chown -R 10003:10003 /data /config
COPY deploy/caddy/Caddyfile /etc/caddy/Caddyfile
USER 10003:10003
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=5s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:2080/"]
CMD ["/usr/local/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
