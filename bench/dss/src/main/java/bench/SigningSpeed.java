package bench;

import com.sun.management.OperatingSystemMXBean;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.pades.DSSFileFont;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.SignatureImageParameters;
import eu.europa.esig.dss.pades.SignatureImageTextParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import java.io.File;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.security.KeyStore.PasswordProtection;
import java.util.Arrays;

/** key.p12 password font.ttf target warm-up rounds file...: prints the mean processor milliseconds for each file. */
public final class SigningSpeed {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] arguments) throws Exception {
        PasswordProtection password = new PasswordProtection(arguments[1].toCharArray());
        try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(arguments[0], password)) {
            DSSPrivateKeyEntry key = token.getKeys().get(0);
            int warmUp = Integer.parseInt(arguments[4]);
            int rounds = Integer.parseInt(arguments[5]);
            for (int number = 0; number < warmUp; number++) {
                sign(token, key, arguments[2], arguments[6], arguments[3]);
            }
            for (String source : Arrays.asList(arguments).subList(6, arguments.length)) {
                int times = new File(source).length() > 50_000_000 ? Math.max(3, rounds / 4) : rounds;
                long start = SYSTEM.getProcessCpuTime();
                for (int number = 0; number < times; number++) {
                    sign(token, key, arguments[2], source, arguments[3]);
                }
                System.out.println((SYSTEM.getProcessCpuTime() - start) / 1e6 / times);
            }
        }
    }

    private static void sign(Pkcs12SignatureToken token, DSSPrivateKeyEntry key, String font, String source, String target)
            throws Exception {
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(key.getCertificate());
        parameters.setCertificateChain(key.getCertificateChain());
        parameters.setReason("Sao chụp giấy tờ");
        parameters.setImageParameters(seen(font));
        PAdESService service = new PAdESService(new CommonCertificateVerifier());
        service.setPdfObjFactory(new PdfBoxNativeObjectFactory()); // text as text in its font, as ours
        DSSDocument document = new FileDocument(source);
        ToBeSigned data = service.getDataToSign(document, parameters);
        SignatureValue value = token.sign(data, DigestAlgorithm.SHA256, key);
        service.signDocument(document, parameters, value).save(target);
        try (RandomAccessFile file = new RandomAccessFile(target, "rw")) {
            file.getFD().sync();
        }
    }

    private static SignatureImageParameters seen(String font) throws Exception {
        SignatureImageTextParameters text = new SignatureImageTextParameters();
        text.setText("Trần Thị Thu Hà\n05/03/2026 08:02:03 +07:00");
        try (FileInputStream file = new FileInputStream(font)) {
            DSSFileFont drawn = new DSSFileFont(file);
            drawn.setSize(9);
            text.setFont(drawn);
        }
        SignatureFieldParameters field = new SignatureFieldParameters();
        field.setOriginX(10);
        field.setOriginY(10);
        SignatureImageParameters seen = new SignatureImageParameters();
        seen.setTextParameters(text);
        seen.setFieldParameters(field);
        return seen;
    }
}
