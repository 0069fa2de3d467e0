// Signs a message with node's soap package, then proves itself by a UsernameToken; prints who the service sees.
const fs = require('fs'), soap = require('soap');

(async () => {
  const client = await soap.createClientAsync(process.env.KHO_WSDL);
  client.setSecurity(new soap.WSSecurityCert(fs.readFileSync('key.pem'), fs.readFileSync('cert.pem'), '', {
    hasTimeStamp: true,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  }));
  console.log('signed:', (await client.PingAsync({}))[0].BenGoi);
  const token = { passwordType: 'PasswordDigest', hasTimeStamp: false };
  client.setSecurity(new soap.WSSecurity(process.env.KHO_USER, process.env.KHO_PASSWORD, token));
  console.log('token:', (await client.PingAsync({}))[0].BenGoi);
})();
