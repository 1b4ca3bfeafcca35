// The rules by which the Web eID project's library for Java, authtoken-validation, judges a token, in its order, over the
// JDK's own classes (docs/integrators.md). It stands in for the library, which is not published on Maven Central.
//
//   java WebEidRules.java < CASES
//
// A case is a line of five fields with tabs between them: name, origin, nonce, PEM file of the trusted authorities, token.
// A line out: the name, a tab, and `accepted` or the name of the library's exception.
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public final class WebEidRules {
    private static final int SHORTEST_TOKEN = 100;
    private static final int LONGEST_TOKEN = 10_000;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final String CERTIFICATE_POLICIES = "2.5.29.32";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    private static final class Refused extends Exception {
        Refused(String exception) {
            super(exception);
        }
    }

    private record Token(String format, String algorithm, byte[] signature, X509Certificate certificate) {}

    private static String member(String token, String name) throws Refused {
        final Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(token);
        if (!found.find()) throw new Refused("AuthTokenParseException");
        return found.group(1);
    }

    private static Token parse(String text) throws Refused {
        if (text.length() < SHORTEST_TOKEN || text.length() > LONGEST_TOKEN) throw new Refused("AuthTokenParseException");
        try {
            final byte[] der = Base64.getDecoder().decode(member(text, "unverifiedCertificate"));
            final X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
            final byte[] signature = Base64.getDecoder().decode(member(text, "signature"));
            return new Token(member(text, "format"), member(text, "algorithm"), signature, certificate);
        } catch (CertificateException | IllegalArgumentException error) {
            throw new Refused("CertificateDecodingException");
        }
    }

    private static void checkDates(X509Certificate certificate) throws Refused {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException error) {
            throw new Refused("CertificateExpiredException");
        } catch (CertificateNotYetValidException error) {
            throw new Refused("CertificateNotYetValidException");
        }
    }

    // No extended key usage will do; another than clientAuth will not.
    private static void checkPurpose(X509Certificate certificate) throws Refused, CertificateException {
        final boolean[] usage = certificate.getKeyUsage();
        if (usage == null) throw new Refused("UserCertificateMissingPurposeException");
        if (!usage[DIGITAL_SIGNATURE]) throw new Refused("UserCertificateWrongPurposeException");
        final List<String> purposes = certificate.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(CLIENT_AUTHENTICATION)) {
            throw new Refused("UserCertificateWrongPurposeException");
        }
    }

    // Which policies are not allowed is the site's choice; that there are some is not.
    private static void checkPolicies(X509Certificate certificate) throws Refused {
        if (certificate.getExtensionValue(CERTIFICATE_POLICIES) == null) throw new Refused("UserCertificateParseException");
    }

    private static void checkTrust(X509Certificate certificate, List<X509Certificate> authorities)
        throws Refused, GeneralSecurityException {
        final X509CertSelector target = new X509CertSelector();
        target.setCertificate(certificate);
        final var anchors = authorities.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet());
        final PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(authorities)));
        try {
            CertPathBuilder.getInstance(CertPathBuilder.getDefaultType()).build(parameters);
        } catch (CertPathBuilderException error) {
            throw new Refused("CertificateNotTrustedException");
        }
    }

    private static void checkSignature(Token token, PublicKey key, String origin, String nonce)
        throws Refused, GeneralSecurityException {
        if (!token.algorithm().equals("RS256")) throw new Refused("AuthTokenParseException");
        final Signature verification = Signature.getInstance("SHA256withRSA");
        verification.initVerify(key);
        for (String signed : List.of(URI.create(origin).toString(), nonce)) {
            verification.update(MessageDigest.getInstance("SHA-256").digest(signed.getBytes(StandardCharsets.UTF_8)));
        }
        if (!verification.verify(token.signature())) throw new Refused("AuthTokenSignatureValidationException");
    }

    private static String judge(String origin, String nonce, String authorities, String text) throws Exception {
        try (var file = Files.newInputStream(Path.of(authorities))) {
            final List<X509Certificate> trusted = CertificateFactory.getInstance("X.509").generateCertificates(file)
                .stream().map(X509Certificate.class::cast).toList();
            final Token token = parse(text);
            if (!token.format().startsWith("web-eid:1")) throw new Refused("AuthTokenParseException");
            checkDates(token.certificate());
            checkPurpose(token.certificate());
            checkPolicies(token.certificate());
            checkTrust(token.certificate(), trusted);
            checkSignature(token, token.certificate().getPublicKey(), origin, nonce);
            return "accepted";
        } catch (Refused refused) {
            return refused.getMessage();
        }
    }

    public static void main(String[] arguments) throws Exception {
        final var cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = cases.readLine(); line != null; line = cases.readLine()) {
            final String[] field = line.split("\t");
            System.out.println(field[0] + "\t" + judge(field[1], field[2], field[3], field[4]));
        }
    }
}
