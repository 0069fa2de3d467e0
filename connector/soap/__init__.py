"""The SOAP service for the portal: our own contract, xsd/v1/kho.wsdl."""
