package io.sallyport.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority that no system trusts, and servers with certificates of it; made by keytool. */
record PrivateAuthority(Path store) {
    private static final String PASSWORD = "of-a-test";

    /**
     * @param folder an empty one
     */
    static PrivateAuthority make(Path folder, String name)
            throws IOException, InterruptedException {
        var authority = new PrivateAuthority(folder.resolve(name + ".p12"));
        authority.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
        return authority;
    }

    private void keytool(String... more) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()));
        command.addAll(List.of(more));
        command.addAll(List.of("-keyalg", "EC", "-validity", "30", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("keytool: " + told);
        }
    }

    /**
     * TLS of a server that this authority vouches for.
     *
     * @param names as keytool writes them: {@code ip:127.0.0.1}
     */
    SSLContext server(String names)
            throws IOException, InterruptedException, GeneralSecurityException {
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-dname",
                "CN=server",
                "-signer",
                "ca",
                "-ext",
                "san=" + names);
        var all = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                "server",
                all.getKey("server", PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                all.getCertificateChain("server"));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    /** The authority's certificate. */
    String pem() throws IOException, GeneralSecurityException {
        var all = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return block("CERTIFICATE", all.getCertificate("ca").getEncoded());
    }

    /** The authority's private key, which nobody should be given. */
    String key() throws IOException, GeneralSecurityException {
        var all = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return block("PRIVATE KEY", all.getKey("ca", PASSWORD.toCharArray()).getEncoded());
    }

    private static String block(String label, byte[] der) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
    }

    /** Writes the certificate where a gateway reads it. */
    Path file() throws IOException, GeneralSecurityException {
        return Files.writeString(store.resolveSibling(store.getFileName() + ".pem"), pem());
    }
}
