package io.sallyport.egress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates that vouch for servers, as PEM holds them: of authorities, or a server's own. */
public final class CaBundle {
    /** Characters; the bundles that come with browsers and systems have a quarter of it. */
    public static final int MAX_LENGTH = 1024 * 1024;

    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private final List<X509Certificate> certificates;

    private CaBundle(List<X509Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    /** What a text is. */
    public sealed interface Reading {
        record Accepted(CaBundle bundle) implements Reading {}

        /**
         * @param complaint the rest of a sentence that begins with the bundle; quotes nothing of it
         */
        record Refused(String complaint) implements Reading {}
    }

    /**
     * Reads one or more certificates; text around them is not read. Anything else in PEM is
     * refused: a private key in it is a mistake that somebody should hear of.
     */
    public static Reading read(String pem) {
        if (pem.length() > MAX_LENGTH) {
            return new Reading.Refused("is longer than " + MAX_LENGTH + " characters");
        }
        var certificates = new ArrayList<X509Certificate>();
        var block = BLOCK.matcher(pem);
        while (block.find()) {
            if (!block.group(1).equals("CERTIFICATE")) {
                return new Reading.Refused("must hold certificates and nothing else");
            }
            var certificate = certificate(block.group(2));
            if (certificate.isEmpty()) {
                var number = certificates.size() + 1;
                return new Reading.Refused("has a certificate that cannot be read: " + number);
            }
            certificates.add(certificate.get());
        }
        return whole(pem, certificates);
    }

    /** What begins like a block and is none would be left out without a word. */
    private static Reading whole(String pem, List<X509Certificate> certificates) {
        if (pem.split(BEGIN, -1).length - 1 != certificates.size()) {
            return new Reading.Refused("has a block that is damaged or has no end");
        }
        return certificates.isEmpty()
                ? new Reading.Refused("holds no certificate in PEM")
                : new Reading.Accepted(new CaBundle(certificates));
    }

    private static Optional<X509Certificate> certificate(String base64) {
        try {
            var der = new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64));
            var read = CertificateFactory.getInstance("X.509").generateCertificate(der);
            return read instanceof X509Certificate certificate && der.available() == 0
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (CertificateException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * The same of a text that was read before.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static CaBundle of(String pem) {
        return switch (read(pem)) {
            case Reading.Accepted(var bundle) -> bundle;
            case Reading.Refused(var complaint) ->
                    throw new IllegalArgumentException("the bundle " + complaint);
        };
    }

    /** Takes these certificates and no others. */
    public TrustManagerFactory alone() {
        return trust(certificates);
    }

    /** Takes these certificates and those that the system trusts. */
    TrustManagerFactory besideTheSystems() {
        var systems =
                Stream.of(system().getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .map(X509TrustManager.class::cast)
                        .flatMap(it -> Stream.of(it.getAcceptedIssuers()));
        return trust(Stream.concat(systems, certificates.stream()).toList());
    }

    /** Takes the certificates that come with the JDK. */
    static TrustManagerFactory system() {
        return factory(null);
    }

    private static TrustManagerFactory trust(List<X509Certificate> anchors) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var anchor : anchors) {
                store.setCertificateEntry("ca-" + store.size(), anchor);
            }
            return factory(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no usable trust store", e);
        }
    }

    private static TrustManagerFactory factory(@Nullable KeyStore store) {
        try {
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store); // null: the JDK's own certificates
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no usable trust store", e);
        }
    }
}
