package judge;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;

/** Offline: the roots and what each file brings along. Prints file, indication, reason, format; one signature a line. */
public final class Judge {
    public static void main(String[] arguments) throws Exception {
        CommonTrustedCertificateSource roots = new CommonTrustedCertificateSource();
        try (InputStream file = new FileInputStream(arguments[0])) {
            Collection<CertificateToken> loaded = DSSUtils.loadCertificateFromP7c(file);
            loaded.forEach(roots::addCertificate);
        } catch (RuntimeException notP7c) {
            roots.addCertificate(DSSUtils.loadCertificate(new FileInputStream(arguments[0])));
        }
        for (String name : List.of(arguments).subList(1, arguments.length)) {
            CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
            verifier.setTrustedCertSources(roots);
            DSSDocument document = new FileDocument(name);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
            validator.setCertificateVerifier(verifier);
            Reports reports = validator.validateDocument();
            SimpleReport report = reports.getSimpleReport();
            for (String id : report.getSignatureIdList()) {
                System.out.println(String.join("\t", name, String.valueOf(report.getIndication(id)),
                        String.valueOf(report.getSubIndication(id)), String.valueOf(report.getSignatureFormat(id))));
                if (System.getenv("JUDGE_DETAILS") != null) {
                    System.err.println(report.getAdESValidationErrors(id).stream().map(m -> m.getValue()).toList());
                    System.err.println(report.getAdESValidationWarnings(id).stream().map(m -> m.getValue()).toList());
                }
            }
        }
    }
}
