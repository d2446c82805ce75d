package io.hubwire.conformance.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hubwire.conformance.answer.AnyToken;
import io.hubwire.server.hub.Authenticator;
import io.hubwire.server.hub.UserPrincipal;
import io.hubwire.server.spi.ConnectionRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes bearer tokens for one user, signed with a key that lives as long as the process, and knows them again. */
final class Tokens implements Authenticator {

    private static final String NAME_IDENTIFIER =
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
    private static final Duration LIFETIME = Duration.ofSeconds(5);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Pattern EXPIRY = Pattern.compile("\"exp\":(\\d+)");
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

    private final byte[] key = new byte[32];

    Tokens() {
        new SecureRandom().nextBytes(key);
    }

    /** A fresh token. */
    String make() {
        long expiry = Instant.now().plus(LIFETIME).getEpochSecond();
        String claims = "{\"" + NAME_IDENTIFIER + "\":\"testuser\",\"exp\":" + expiry + "}";
        String signed = HEADER + "." + encoded(claims.getBytes(UTF_8));
        return signed + "." + encoded(signature(signed));
    }

    @Override
    public CompletionStage<Optional<Principal>> authenticate(ConnectionRequest request) {
        return CompletableFuture.completedFuture(
                AnyToken.of(request).filter(this::isGood).map(token -> new UserPrincipal("testuser", Set.of())));
    }

    private boolean isGood(String token) {
        int dot = token.lastIndexOf('.');
        if (!token.startsWith(HEADER + ".") || dot <= HEADER.length()) {
            return false;
        }
        try {
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            if (!MessageDigest.isEqual(signature, signature(token.substring(0, dot)))) {
                return false;
            }
            String claims = new String(Base64.getUrlDecoder().decode(token.substring(HEADER.length() + 1, dot)), UTF_8);
            Matcher expiry = EXPIRY.matcher(claims);
            return expiry.find()
                    && Instant.now()
                            .isBefore(Instant.ofEpochSecond(Long.parseLong(expiry.group(1)))
                                    .plus(SKEW));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private byte[] signature(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(signed.getBytes(UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
