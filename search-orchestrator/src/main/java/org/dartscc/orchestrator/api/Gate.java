package org.dartscc.orchestrator.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.device.Tokens;

/**
 * The one door: every request passes here first, whether a route exists for it or not. Everything but health needs a
 * token; paths in any other spelling than the plain one are refused, so that what is checked is what is routed.
 */
@ApplicationScoped
class Gate {
    private static final int BEFORE_EVERYTHING = 10_000;
    private static final String PUBLIC = "/q/health";
    private static final String BEARER = "Bearer ";

    private final byte[] userToken;
    private final Devices devices;
    private final long maxBody;

    Gate(
            ApiConfig config,
            Devices devices,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        if (config.token().isBlank()) {
            throw new IllegalStateException("dartscc.api.token is blank: without a token nobody could be told apart");
        }
        this.userToken = sha256(config.token());
        this.devices = devices;
        this.maxBody = maxBody.asLongValue();
    }

    void onStart(@Observes StartupEvent event) {
        // Being observed makes the bean, and so checks the token, before the first request.
    }

    void install(@Observes Filters filters) {
        filters.register(this::check, BEFORE_EVERYTHING);
    }

    private void check(RoutingContext request) {
        var path = request.request().path();
        boolean plain = path != null && path.matches("(/[A-Za-z0-9_.-]+)+/?") && !path.contains("..");
        if (plain && (path + "/").startsWith(PUBLIC + "/")) {
            request.next();
            return;
        }
        var caller = caller(request.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (caller.isEmpty()) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
            refuse(request, 401, "Unauthorized", "A bearer token is needed, and this is none that is known here");
        } else if (!plain) {
            refuse(request, 404, "Not Found", "There is nothing at this path");
        } else if (!caller.get().mayCall(request.request().method().name(), withoutSlash(path))) {
            refuse(request, 403, "Forbidden", "This token does not allow that call");
        } else if (declaredLength(request) > maxBody) {
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
            refuse(request, 413, "Content Too Large", "A body may have at most " + maxBody + " bytes");
        } else {
            request.put(CurrentCaller.KEY, caller.get());
            request.next();
        }
    }

    private Optional<Caller> caller(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        var token = authorization.substring(BEARER.length()).trim();
        // Hashes have one length, and isEqual takes as long for a wrong as for a right one.
        return MessageDigest.isEqual(userToken, sha256(token))
                ? Optional.of(new Caller.User())
                : devices.byToken(token).map(Caller.Agent::new);
    }

    private static byte[] sha256(String token) {
        return Tokens.sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static long declaredLength(RoutingContext request) {
        var length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void refuse(RoutingContext request, int status, String title, String detail) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(new JsonObject()
                        .put("status", status)
                        .put("title", title)
                        .put("detail", detail)
                        .encode());
    }
}
